// Shows how a mailing goes on without anybody pressing a button. It stops when the mailing does.
(() => {
  const EVERY = 3000; // milliseconds
  const section = document.getElementById("progress");
  const isTicked = (box) => box.checked !== box.defaultChecked;

  function isBusy() {
    const boxes = [...section.querySelectorAll("input[type=checkbox]")];
    const isOpen = section.querySelector("details[open]");
    return document.hidden || isOpen || boxes.some(isTicked) || section.contains(document.activeElement);
  }

  // Whether there is more to come.
  async function show() {
    if (isBusy()) return true;
    const answer = await fetch(section.dataset.refresh, { headers: { Accept: "text/html" } });
    if (answer.redirected) {
      location.reload(); // who is no longer signed in is asked to, and comes back here
      return false;
    }
    if (!answer.ok) return true;
    const fresh = await answer.text();
    if (isBusy()) return true;
    section.innerHTML = fresh;
    return section.querySelector("[data-goes-on]") !== null;
  }

  async function refresh() {
    let goesOn = true;
    try {
      goesOn = await show();
    } catch {
      // The site could not be reached: it is asked again.
    } finally {
      if (goesOn) setTimeout(refresh, EVERY);
    }
  }

  if (section?.dataset.refresh) setTimeout(refresh, EVERY);
})();
