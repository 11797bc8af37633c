// Saves reloads after a choice, nothing more: without it every form here is sent as it is.
(() => {
  const root = document.documentElement;
  const banner = document.getElementById("cookie-banner");
  const status = document.getElementById("status");
  const cookie = (name) => (document.cookie.match(`(?:^|; )${name}=([^;]*)`) || [])[1] || "";
  const consent = () => cookie("bbmri_consent");
  let answered = consent();

  // The page looks as the cookie says.
  const sync = () => {
    const [, text = "100", theme = "auto"] = cookie("bbmri_ui").match(/^t(100|125|150|200)\.(auto|light|dark|hc|hcl)$/) || [];
    const chosen = { text, theme };
    const normal = { text: "100", theme: "auto" };
    for (const [name, value] of Object.entries(chosen)) {
      if (value === normal[name]) delete root.dataset[name];
      else root.dataset[name] = value;
      for (const control of document.querySelectorAll(`[action="/preferences/"] [name=${name}]`)) {
        const isNormal = control.value === normal[name];
        if (control.type === "radio") control.checked = control.value === value;
        else control.setAttribute("aria-pressed", isNormal === (value === normal[name]));
      }
    }
  };

  const tell = (button) => {
    const legend = button.parentElement.firstElementChild.textContent;
    const words = button.querySelector(".visually-hidden").textContent.replace(/^[\s–]+/, "");
    status.textContent = `${legend.trim()}: ${words.trim()}`;
  };

  const thank = (button) => {
    const told = document.getElementById("cookies-told");
    answered = consent();
    told.id = button.value === "1" ? "cookies-accepted" : "cookies-rejected";
    told.querySelector("span").textContent = button.dataset.told;
    banner.replaceWith(told);
    told.hidden = false;
    told.focus();
  };

  // One after the other: the site adds each choice to those it has been told.
  let last = Promise.resolve();
  const post = (form, body) => last = last.catch(() => {}).then(() => fetch(form.action, {
    method: "POST", body, headers: { Accept: "application/json" }, keepalive: true,
  }));

  const send = (form, after) => form?.addEventListener("submit", async (event) => {
    const button = event.submitter;
    if (!button || form.dataset.plain) return;
    event.preventDefault();
    const body = new URLSearchParams(new FormData(form));
    body.set(button.name, button.value);
    try {
      const answer = await post(form, body);
      if (answer.status !== 204) throw answer;
      after(button);
    } catch {
      form.dataset.plain = "yes";
      form.requestSubmit(button);
    }
  });

  send(document.querySelector("form.controls"), (button) => { sync(); tell(button); });
  send(banner?.querySelector("form"), thank);

  // What is ticked counts at once: in the address, in the bar, and where a link hands it on.
  const choosing = document.querySelector("form.choosing");
  choosing?.addEventListener("change", () => {
    const keys = new FormData(choosing).getAll("c");
    const finder = new URL("..", choosing.action).pathname.slice(3); // in whichever language
    const choose = (address) => {
      const url = new URL(address);
      url.searchParams.delete("c");
      for (const key of keys) url.searchParams.append("c", key);
      return url.href;
    };
    history.replaceState(history.state, "", choose(location.href));
    for (const link of document.querySelectorAll('a[href]:not([href^="#"], .empty)')) {
      if (link.host === location.host && link.pathname.slice(3).startsWith(finder)) link.href = choose(link.href);
    }
    const bar = document.querySelector(".chosen");
    bar.hidden = !keys.length;
    bar.querySelector("details")?.remove();
    bar.querySelector("b").textContent = keys.length;
    status.textContent = bar.querySelector("h2").textContent.trim();
  });

  // Where the focus goes on behind an open panel, the panel closes.
  if ("popover" in root) addEventListener("focusin", ({ target }) => {
    if (!target.matches(":focus-visible")) return;
    for (const panel of document.querySelectorAll(":popover-open")) {
      if (!panel.contains(target)) panel.hidePopover();
    }
  });

  // A page from the browser's history may be older than the last choice.
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    if (consent() === answered) sync();
    else location.reload();
  });
})();
