// Numbers are sorted as numbers, texts with the numbers in them: 2, 5, 10, 10x10, 20. Rows stay in
// their group.
const number = (text) =>
  Number(text.replace(/[<>%,+]/g, "").replace("\u2212", "-").replace("inf", "Infinity"));
const collate = new Intl.Collator("en", { numeric: true }).compare;

document.querySelectorAll("section").forEach((section) => {
  const table = section.querySelector("table");
  const groups = [...table.tBodies].map((body) => ({
    body,
    heading: body.querySelector(".group"),
    rows: [...body.rows].filter((row) => row.className !== "group"),
  }));
  const all = groups.flatMap((group) => group.rows);
  const heads = [...table.tHead.querySelectorAll("[data-place]")];
  heads.forEach((head) => {
    head.firstChild.onclick = () => {
      const down = head.ariaSort === "ascending";
      const text = (row) => row.cells[head.dataset.place - 1].textContent;
      const order = head.matches(".number") ? (a, b) => number(a) - number(b) || 0 : collate;
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      groups.forEach(({ body, rows }) => {
        rows.sort((one, other) => {
          const a = text(one);
          const b = text(other);
          return !a || !b ? !a - !b : down ? order(b, a) : order(a, b);
        });
        body.append(...rows);
      });
    };
  });

  const search = section.querySelector("input");
  const count = section.querySelector("output");
  search.oninput = () => {
    const words = search.value.toLowerCase();
    groups.forEach(({ heading, rows }) => {
      const named = heading ? heading.textContent.toLowerCase() : "";
      rows.forEach((row) => (row.hidden = !(named + row.textContent.toLowerCase()).includes(words)));
      if (heading) heading.hidden = rows.every((row) => row.hidden);
    });
    const shown = all.filter((row) => !row.hidden).length;
    const rows = all.length === 1 ? " row" : " rows";
    const of = shown < all.length ? shown.toLocaleString("en") + " of " : "";
    count.value = of + all.length.toLocaleString("en") + rows;
  };
  search.oninput();

  const button = section.querySelector(".tools button");
  if (button) {
    button.onclick = () => {
      const whole = table.classList.toggle("all");
      button.textContent = whole ? button.dataset.fewer : button.dataset.all;
    };
  }
});
