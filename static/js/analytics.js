// Counts this visit in Matomo, without cookies. Only pages of visitors who accepted load it.
(() => {
  const { url, site } = document.currentScript.dataset;
  // Where from: another site's name. Our own addresses may be the secret links of mails.
  const from = document.referrer.split("/", 3).join("/");
  window._paq = [
    ["disableCookies"],
    ["disableBrowserFeatureDetection"],
    // What was searched for is nobody's business: it stands in addresses, titles and downloads.
    ["setCustomUrl", location.origin + location.pathname],
    ["setDocumentTitle", location.pathname],
    ["setReferrerUrl", from === location.origin ? "" : from],
    ["setTrackerUrl", `${url}matomo.php`],
    ["setSiteId", site],
    ["trackPageView"],
  ];
  const matomo = document.createElement("script");
  matomo.src = `${url}matomo.js`;
  document.head.append(matomo);
})();
