// The comments under an article: another order, more of them, a like, all without leaving the page.
// Without this script the same links and buttons lead to plain pages.
"use strict";

(() => {
  const LIST = "[data-comment-list]";
  const THREADS = "[data-comment-threads]";
  const MORE = "[data-comment-more]";
  const ORDER = "[data-comment-order]";
  const PANEL = "[data-comment-panel]";
  const LIKE = "[data-comment-like]";

  // Says aloud what others see happen.
  const voice = document.createElement("span");
  voice.className = "hidden";
  voice.setAttribute("role", "status");
  document.querySelector("#y-kien")?.append(voice);

  document.addEventListener("click", (event) => {
    const link = event.target.closest(`${LIST} ${MORE}, ${LIST} ${ORDER}`);
    const elsewhere = event.button || event.ctrlKey || event.metaKey || event.shiftKey;
    if (!link || elsewhere) return;
    event.preventDefault();
    once(link, () => follow(link));
  });

  document.addEventListener("submit", (event) => {
    const form = event.target.closest(LIKE);
    if (!form) return;
    event.preventDefault();
    once(form, () => like(form));
  });

  // A second press while the first is under way does nothing.
  async function once(element, work) {
    if (element.getAttribute("aria-busy")) return;
    element.setAttribute("aria-busy", "true");
    await work();
    element.removeAttribute("aria-busy");
  }

  async function follow(link) {
    try {
      const list = await ask(link.href);
      if (link.matches(ORDER)) reorder(link.closest(LIST), list, link);
      else extend(link.closest(LIST), list, link);
    } catch {
      location.assign(link.href);
    }
  }

  // Returns the list of the page at `address`; throws when there is none on it.
  async function ask(address) {
    const answer = await fetch(address);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const list = page.querySelector(LIST);
    if (!answer.ok || !list) throw new Error(`${address}: ${answer.status}`);
    return list;
  }

  // A form that stands open in the list goes on below it, with what is typed in it.
  function reorder(old, list, link) {
    const name = link.textContent;
    const panel = old.querySelector(PANEL);
    old.replaceWith(list);
    if (panel) list.after(panel);
    const current = list.querySelector(`${ORDER}[aria-current]`);
    current?.focus();
    say(current?.textContent ?? name);
  }

  function extend(old, list, link) {
    const rows = [...list.querySelectorAll(`${THREADS} > *`)].filter((row) => !known(old, row));
    old.querySelector(THREADS).append(...rows);
    const more = list.querySelector(MORE);
    if (more) link.href = more.href;
    else link.parentElement.remove();
    focusOn(rows[0]);
  }

  // Somebody's like moves a comment down a list that is being read: it is not shown twice.
  function known(list, row) {
    return list.querySelector(`#${row.id}`);
  }

  function focusOn(row) {
    if (!row) return;
    row.tabIndex = -1;
    row.focus();
  }

  async function like(form) {
    try {
      const headers = { "X-Requested-With": "fetch" };
      const answer = await fetch(form.action, { method: "POST", headers });
      const { likes, said } = await answer.json();
      form.querySelector("[data-likes]").textContent = likes || "";
      form.toggleAttribute("data-liked", answer.ok);
      say(said);
    } catch {
      form.submit();
    }
  }

  // Emptied first: the same sentence twice would not be said twice.
  function say(sentence) {
    voice.textContent = "";
    setTimeout(() => { voice.textContent = sentence; }, 50);
  }
})();
