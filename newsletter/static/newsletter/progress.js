// Shows how a mailing goes on without anybody pressing a button. It stops when the mailing does.
(() => {
  const EVERY = 3000; // milliseconds
  const section = document.getElementById("progress");
  const said = document.querySelector("[data-said]");
  const heading = () => section.querySelector("h2");
  const isTicked = (box) => box.checked !== box.defaultChecked;
  const isHeld = (part) => isChosenIn(part) || part.contains(document.activeElement);
  // Each answer has tokens of its own.
  const words = (part) => part.outerHTML.replace(/(name="csrfmiddlewaretoken" value=)"\w+"/g, "$1");
  const leadsTo = (control) => control.getAttribute("href") ?? control.form?.getAttribute("action");

  function isChosenIn(part) {
    const boxes = [...part.querySelectorAll("input[type=checkbox]")];
    return part.matches("details[open]") || boxes.some(isTicked);
  }

  // Part by part, so that nothing moves away under a hand.
  function take(fresh) {
    const before = [...section.children];
    const after = [...fresh.children];
    const isAlike =
      before.length === after.length && before.every((part, at) => part.tagName === after[at].tagName);
    if (!isAlike) {
      if (!before.some(isChosenIn)) replaceAll(after);
      return;
    }
    before.forEach((part, at) => {
      if (words(part) !== words(after[at]) && !isHeld(part)) part.replaceWith(after[at]);
    });
  }

  // Who was at a button stays at it, or where it is gone comes to the heading, which says why.
  function replaceAll(after) {
    const held = section.contains(document.activeElement) ? document.activeElement : null;
    section.replaceChildren(...after);
    if (!held) return;
    const same = [...section.querySelectorAll("a, button")].find((each) => leadsTo(each) === leadsTo(held));
    heading().tabIndex = -1;
    (same ?? heading()).focus();
  }

  // Whether there is more to come.
  async function show() {
    if (document.hidden) return true;
    const answer = await fetch(section.dataset.refresh, { headers: { Accept: "text/html" } });
    if (answer.redirected) {
      location.reload(); // who is no longer signed in is asked to, and comes back here
      return false;
    }
    if (!answer.ok) return true;
    const fresh = document.createElement("section");
    fresh.innerHTML = await answer.text();
    const state = heading().textContent;
    take(fresh);
    if (heading().textContent !== state) said.textContent = heading().textContent;
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
