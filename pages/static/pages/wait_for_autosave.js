// Wagtail saves by itself what is typed. A button pressed meanwhile waits for it: a new page would
// else be made twice, or its second half be refused because the first has its address.
(() => {
  let saving = null; // the form whose draft is on its way
  let pressed = null; // the button that waits

  document.addEventListener("w-autosave:save", (event) => {
    if (!event.defaultPrevented) saving = event.target;
  });

  document.addEventListener(
    "submit",
    (event) => {
      if (event.target !== saving) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      pressed = event.submitter;
    },
    true,
  );

  function goOn() {
    const form = saving;
    saving = null;
    if (!form || !pressed) return;
    // By now the button says that it is busy, and a disabled button would not be told to the server.
    const choice = document.createElement("input");
    Object.assign(choice, { type: "hidden", name: pressed.name, value: pressed.value });
    pressed = null;
    form.append(choice);
    form.requestSubmit();
  }

  document.addEventListener("w-autosave:success", goOn);
  document.addEventListener("w-autosave:error", goOn);
})();
