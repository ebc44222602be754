// Nothing a page needs: NHS.UK's own improvements, also for parts that htmx puts in later.

const { initAll } = await import(document.body.dataset.nhsuk);

// A table whose cells are stacked on a phone is no table to some browsers unless it says so.
const ROLES = {
  thead: "rowgroup",
  tbody: "rowgroup",
  tr: "row",
  "th[scope=col]": "columnheader",
  "th[scope=row]": "rowheader",
  td: "cell",
};

function improve(part) {
  initAll({ scope: part });
  for (const table of part.querySelectorAll(".nhsuk-table--responsive")) {
    table.setAttribute("role", "table");
    for (const [selector, role] of Object.entries(ROLES)) {
      for (const element of table.querySelectorAll(selector)) {
        element.setAttribute("role", role);
      }
    }
  }
}

// What only some pages need says so itself. Each script is a module, so it runs once.
for (const part of document.querySelectorAll("[data-script]")) {
  import(part.dataset.script);
}

document.body.classList.add("js-enabled", "nhsuk-frontend-supported");
improve(document.body);
document.body.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.elt instanceof HTMLElement) {
    improve(event.detail.elt.parentElement ?? document.body);
  }
});
