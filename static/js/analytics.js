// Counts this visit in Matomo, without cookies. Only pages of visitors who accepted load it.
(() => {
  const { url, site } = document.currentScript.dataset;
  window._paq = [
    ["disableCookies"],
    ["disableBrowserFeatureDetection"],
    // What was searched for is nobody's business.
    ["setCustomUrl", location.origin + location.pathname],
    ["setReferrerUrl", document.referrer.split(/[?#]/)[0]],
    ["setTrackerUrl", `${url}matomo.php`],
    ["setSiteId", site],
    ["trackPageView"],
    ["enableLinkTracking"],
  ];
  const matomo = document.createElement("script");
  matomo.src = `${url}matomo.js`;
  document.head.append(matomo);
})();
