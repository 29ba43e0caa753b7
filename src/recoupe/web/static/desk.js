// The keyboard: j and k move through rows, Enter opens one, / goes to the search, ? shows the help. Elements say by data-key
// which keys press them. All works without this file, by mouse or by Tab.
"use strict";

(() => {
  const typing = (target) => target.closest("input, textarea, select, [contenteditable]");
  const rows = () => Array.from(document.querySelectorAll("[data-row]"));
  const current = () => document.querySelector("[data-current]");

  const go = (step) => {
    const all = rows();
    if (!all.length) return;
    const at = all.indexOf(current());
    const next = all[Math.max(0, Math.min(all.length - 1, at + step))];
    all.forEach((row) => row.removeAttribute("data-current"));
    next.setAttribute("data-current", "");
    const link = next.querySelector("a[href]");
    (link || next).focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  };

  // Forms are details, which open without this file. One is open at a time, and Escape leaves it.
  const open = (details) => {
    document.querySelectorAll(".actions details[open]").forEach((other) => {
      if (!details.contains(other)) other.open = false;
    });
    details.open = true;
    const field = details.querySelector("input:not([type=hidden]), select, textarea, button");
    if (field) field.focus();
    details.scrollIntoView({ block: "nearest" });
  };

  const leave = (target) => {
    const details = target.closest(".actions details[open]");
    if (!details) return;
    details.open = false;
    details.querySelector("summary").focus();
  };

  const press = (key) => {
    const wanted = document.querySelector(`[data-key~="${CSS.escape(key)}"]`);
    if (!wanted) return false;
    if (wanted.matches("input, textarea, select")) {
      wanted.focus();
      if (wanted.select) wanted.select();
    } else if (wanted.matches("summary")) {
      open(wanted.parentElement);
    } else if (wanted.dataset.opens) {
      const dialog = document.getElementById(wanted.dataset.opens);
      if (dialog && dialog.showModal) dialog.showModal();
    } else {
      wanted.click();
    }
    return true;
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") leave(event.target);
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === "j" || event.key === "k") {
      if (rows().length) go(event.key === "j" ? 1 : -1);
      else press(event.key);
    } else if (event.key === "Escape" || event.key === "Enter" || event.key === " ") {
      return;
    } else if (!press(event.key)) {
      return;
    }
    event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.opens);
      if (dialog && dialog.showModal) {
        event.preventDefault();
        dialog.showModal();
      }
    }
    const closer = event.target.closest("[data-closes]");
    if (closer) {
      event.preventDefault();
      closer.closest("dialog").close();
    }
  });

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-sends]")) event.target.form.requestSubmit();
  });
})();
