"use strict";
// The page reads well without this: it adds copy buttons, a search field, and opens what a link points to.
(() => {
  const all = (selector) => Array.from(document.querySelectorAll(selector));

  for (const button of all("button.copy")) {
    const command = button.previousElementSibling;
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(command.textContent);
        button.textContent = "Copied";
      } catch {
        // Without the right to write the clipboard the line is selected, ready for the keyboard.
        getSelection().selectAllChildren(command);
        button.textContent = "Selected";
      }
      setTimeout(() => { button.textContent = "Copy"; }, 2000);
    });
  }

  const reveal = () => {
    let place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!place) return;
    const target = place;
    for (; place; place = place.parentElement) {
      if (place instanceof HTMLDetailsElement) place.open = true;
    }
    target.scrollIntoView({ block: target instanceof SVGElement ? "center" : "start", inline: "center" });
  };
  addEventListener("hashchange", reveal);
  reveal();

  // What held is folded away in a big run; who asks for it by state or by words wants to see it.
  const unfold = (isWanted) => { for (const one of all(".held-fold")) one.open = isWanted; };
  for (const choice of all(".filter [type=radio]")) {
    choice.addEventListener("change", () => unfold(choice.id === "show-held"));
  }

  const search = document.getElementById("words");
  search.hidden = false;
  search.addEventListener("input", () => {
    const words = search.value.toLowerCase().split(/\s+/);
    unfold(words.some((word) => word !== ""));
    for (const one of all(".case")) {
      const text = (one.querySelector("summary") || one).textContent.toLowerCase();
      one.classList.toggle("is-passed-over", !words.every((word) => text.includes(word)));
    }
  });

  addEventListener("beforeprint", () => {
    for (const one of all("details.case:not(.is-held), details.finding")) one.open = true;
  });
})();
