// Shows how a mailing goes on without anybody pressing a button. It stops when the mailing does.
(() => {
  const EVERY = 3000; // milliseconds
  const section = document.getElementById("progress");
  const isBusy = () => section.contains(document.activeElement) || section.querySelector("details[open]");

  async function refresh() {
    if (!isBusy() && !document.hidden) {
      const answer = await fetch(section.dataset.refresh, { headers: { Accept: "text/html" } });
      if (!answer.ok) return;
      section.innerHTML = await answer.text();
      if (!section.querySelector("[data-goes-on]")) return;
    }
    setTimeout(refresh, EVERY);
  }

  if (section?.dataset.refresh) setTimeout(refresh, EVERY);
})();
