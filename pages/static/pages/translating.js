// The compiled editor saves each piece by itself, and says nothing of why one was refused. What it
// sends is given the time at which its screen was opened; what is answered, is said.
(() => {
  const { opened, unsaved } = document.currentScript.dataset;
  const send = window.fetch;

  function say(text) {
    const detail = { text: `${unsaved} ${text}`, type: "error", clear: true };
    document.dispatchEvent(new CustomEvent("w-messages:add", { detail }));
  }

  window.fetch = async (address, options = {}) => {
    if (!["PUT", "DELETE"].includes(options.method)) return send(address, options);
    const headers = { ...options.headers, "X-Opened": opened };
    const answer = await send(address, { ...options, headers });
    const isSentence = answer.headers.get("Content-Type")?.startsWith("text/plain");
    if (!answer.ok && isSentence) say(await answer.clone().text());
    return answer;
  };
})();
