// While somebody writes a comment: soft hints, which stop nothing, and a draft that is kept.
// The draft stays in this tab and goes when the comment was sent or the form was emptied.
"use strict";

(() => {
  const PANEL = "[data-comment-panel]";
  const PART = "[data-comment-part]";
  const DONE = "[data-comment-done]";
  const KEPT = ["name", "text"];
  const PAUSE = 700; // milliseconds without a key before anything is said
  const words = document.querySelector("[data-comment-hints]")?.dataset;

  const CHECKS = {
    accents: (text) => /^\P{L}*(?:\p{L}+\P{L}+){4,}\p{L}/u.test(text) && !hasAccents(text),
    capitals: isShouted,
    phone: (text) => /(?<!\d)(?:\+?84|0)(?:[ .-]?\d){8,10}(?!\d)/.test(text),
    link: (text) => /https?:|www\.|[\w-]+\.(?:com|vn|net|org|info|top|xyz|me)\b/i.test(text),
  };

  function hasAccents(text) {
    return /[\u0300-\u036fđĐ]/.test(text.normalize("NFD"));
  }

  function isShouted(text) {
    const letters = text.match(/\p{L}/gu) ?? [];
    const capitals = text.match(/\p{Lu}/gu) ?? [];
    return letters.length >= 20 && capitals.length > letters.length * 0.7;
  }

  const ticket = document.querySelector("[data-comment-ticket]");
  if (ticket) forget(ticket.dataset.commentTicket);
  if (!words) return;

  let timer = 0;
  let lastForm = null;
  document.addEventListener("input", (event) => {
    const form = event.target.closest(`${PANEL} form`);
    if (!form) return;
    keep(form);
    clearTimeout(timer);
    timer = setTimeout(() => hint(form), PAUSE);
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest(`${PANEL} button[value=clear]`);
    if (button) forget(articleOf(button.form));
  });

  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) addedNodes.forEach(arrived);
  }).observe(document.body, { childList: true, subtree: true });
  document.querySelectorAll(PANEL).forEach(restore);

  function arrived(node) {
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    const part = node.matches(PART) ? node : node.querySelector(PART);
    if (part?.matches(PANEL)) restore(part);
    else if (part?.matches(DONE)) forget(articleOf(lastForm));
  }

  // Puts back what was typed here before; what the server sent along wins.
  function restore(panel) {
    const form = panel.querySelector("form");
    if (!form || form === lastForm) return;
    lastForm = form;
    const draft = read(articleOf(form));
    const text = form.elements.text;
    if (!draft?.text || !text || text.value) return;
    text.value = draft.text;
    if (form.elements.name && !form.elements.name.value) form.elements.name.value = draft.name;
    text.dispatchEvent(new Event("change", { bubbles: true })); // to be counted
    hint(form, words.restored);
  }

  function hint(form, first = "") {
    const text = form.elements.text?.value ?? "";
    const said = Object.keys(CHECKS).filter((name) => CHECKS[name](text)).map((name) => words[name]);
    show(form, [first, ...said].filter(Boolean));
  }

  // One live region stays in the form, and is written only when it has something else to say.
  function show(form, sentences) {
    const box = form.querySelector("[data-hints]") ?? made(form);
    const lines = sentences.map((sentence) => {
      const line = document.createElement("p");
      line.textContent = sentence;
      return line;
    });
    if (box.textContent !== sentences.join("")) box.replaceChildren(...lines);
  }

  function made(form) {
    const box = document.createElement("div");
    box.className = "hints";
    box.dataset.hints = "";
    box.setAttribute("aria-live", "polite");
    form.elements.text.after(box);
    return box;
  }

  function articleOf(form) {
    return /\/binh-luan\/(\d+)\//.exec(form?.getAttribute("action") ?? "")?.[1] ?? "";
  }

  // A browser may refuse to keep anything; then nothing is kept.
  function keep(form) {
    const draft = Object.fromEntries(KEPT.map((name) => [name, form.elements[name]?.value ?? ""]));
    try { sessionStorage.setItem(keyOf(articleOf(form)), JSON.stringify(draft)); } catch { /* */ }
  }

  function read(article) {
    try { return JSON.parse(sessionStorage.getItem(keyOf(article))); } catch { return null; }
  }

  function forget(article) {
    if (!article) return;
    try { sessionStorage.removeItem(keyOf(article)); } catch { /* */ }
  }

  function keyOf(article) {
    return `binh-luan:${article}`;
  }
})();
