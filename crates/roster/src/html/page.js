"use strict";
const form = document.getElementById("filter");
const count = document.getElementById("count");
const body = document.querySelector("#people tbody");
const headers = [...document.querySelectorAll("#people thead th")];
const rows = [...body.rows].map((row, index) => ({
  row, index,
  text: row.textContent.toLowerCase(),
  roles: (row.dataset.roles || "").split(" "),
  states: (row.dataset.states || "").split(" "),
  findings: (row.dataset.findings || "").split(" "),
}));

const shows = (wanted, has) => wanted === "" || has.includes(wanted);

const filter = () => {
  const words = form.text.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const one of rows) {
    const visible = words.every((word) => one.text.includes(word)) && shows(form.role.value, one.roles)
      && shows(form.state.value, one.states)
      && (form.finding.value === "any" ? one.findings[0] !== "" : shows(form.finding.value, one.findings));
    one.row.hidden = !visible;
    shown += visible;
  }
  count.value = `${shown} of ${rows.length} shown`;
};

const key = (one, column) => Number(one.row.cells[column].dataset.sort ?? one.index);

const sort = (column, descending) => {
  const sign = descending ? -1 : 1;
  rows.sort((a, b) => sign * (key(a, column) - key(b, column)) || a.index - b.index);
  body.append(...rows.map((one) => one.row));
  headers.forEach((header, at) =>
    header.setAttribute("aria-sort", at === column ? (descending ? "descending" : "ascending") : "none"));
  form.sort.value = String(column);
};

headers.forEach((header, column) => header.querySelector("button").addEventListener("click", () =>
  sort(column, header.getAttribute("aria-sort") === "ascending")));
form.addEventListener("input", (event) => (event.target === form.sort ? sort(Number(form.sort.value), false) : filter()));
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", () => setTimeout(filter));

for (const button of document.querySelectorAll("button[data-finding]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    form.reset();
    form.finding.value = button.dataset.finding;
    filter();
    form.finding.focus();
  });
}

// Whoever a link leads to is shown, whatever the filter says.
addEventListener("hashchange", () => {
  const target = document.getElementById(location.hash.slice(1));
  if (target?.hidden) {
    form.reset();
    filter();
    target.scrollIntoView();
  }
});

form.hidden = false;
filter();
