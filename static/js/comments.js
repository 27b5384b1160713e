// The comment form inside the article: fetched on click, sent without leaving the page.
// Without this script the link and the form work as plain pages.
"use strict";

(() => {
  const LINK = "[data-comment-link]";
  const PART = "[data-comment-part]";
  const PANEL = "[data-comment-panel]";
  const CAPTCHA = "[data-comment-captcha]";
  const KEY = "[name=captcha_key]";
  const FOCUS = "[data-comment-focus], input:not([type=hidden])";
  const USABLE = [200, 201, 403, 422];

  // Says aloud what others see happen; it outlives the parts that are replaced.
  const voice = document.createElement("span");
  voice.className = "hidden";
  voice.setAttribute("role", "status");
  document.querySelector(`${PANEL}, ${LINK}`)?.after(voice);

  document.addEventListener("click", (event) => {
    const link = event.target.closest(LINK);
    const elsewhere = event.button || event.ctrlKey || event.metaKey || event.shiftKey;
    if (!link || elsewhere) return;
    event.preventDefault();
    once(link, () => open(link));
  });

  document.addEventListener("submit", (event) => {
    const panel = event.target.closest(PANEL);
    if (!panel) return;
    event.preventDefault();
    once(panel, () => send(panel, event.target, event.submitter?.value || "send"));
  });

  // A second press while the first is under way does nothing.
  async function once(element, work) {
    if (element.getAttribute("aria-busy")) return;
    element.setAttribute("aria-busy", "true");
    await work();
    element.removeAttribute("aria-busy");
  }

  async function open(link) {
    try {
      const part = await ask(link.href);
      const place = link.parentElement;
      place.after(part, voice);
      place.remove();
      focusIn(part);
    } catch {
      location.assign(link.href);
    }
  }

  async function send(panel, form, action) {
    const address = form.getAttribute("action"); // form.action is the button of that name
    const body = new URLSearchParams(new FormData(form));
    body.set("action", action);
    panel.querySelector("[data-comment-failed]")?.remove();
    try {
      show(panel, await ask(address, { method: "POST", body }), action);
    } catch {
      fail(panel);
    }
  }

  // Returns the part the server sent; throws when the answer is anything else, such as the page
  // of a proxy.
  async function ask(address, options = {}) {
    const headers = { "X-Requested-With": "fetch" };
    const answer = await fetch(address, { ...options, headers });
    const template = document.createElement("template");
    template.innerHTML = USABLE.includes(answer.status) ? await answer.text() : "";
    const part = template.content.querySelector(PART);
    if (!part) throw new Error(`${address}: ${answer.status}`);
    return part;
  }

  function show(panel, part, action) {
    if (action === "refresh" && part.matches(PANEL)) {
      renewCaptcha(panel, part);
      say(panel.dataset.renewed);
    } else {
      panel.replaceWith(part);
      focusIn(part);
      if (action === "clear") say(panel.dataset.cleared);
    }
  }

  // Only the captcha is replaced: what is being typed stays as it is, with its undo.
  function renewCaptcha(panel, part) {
    const fresh = part.querySelector(CAPTCHA);
    panel.querySelector(KEY).value = part.querySelector(KEY).value;
    panel.querySelector(CAPTCHA).replaceWith(fresh);
    focusIn(fresh);
  }

  function focusIn(part) {
    (part.querySelector(FOCUS) ?? part).focus();
  }

  // Emptied first: the same sentence twice would not be said twice.
  function say(sentence) {
    voice.textContent = "";
    setTimeout(() => { voice.textContent = sentence; }, 50);
  }

  function fail(panel) {
    const message = document.createElement("p");
    message.className = "error-summary";
    message.tabIndex = -1;
    message.setAttribute("role", "alert");
    message.dataset.commentFailed = "";
    message.textContent = panel.dataset.failed;
    panel.querySelector("form").prepend(message);
    message.focus();
  }
})();
