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

  // What a spreadsheet would take for a formula gets an apostrophe, as in the CSV files of a run.
  const quoted = (text) => '"' + text.replace(/"/g, '""') + '"';
  const safe = (text) => quoted(text.replace(/^(?=[=+\-@\t\r\n'\uff1d\uff0b\uff0d\uff20])/, "'"));
  const plain = (text) => text.replace(/[,\u2007\u2008]/g, "").replace("\u2212", "-");
  const cells = (row) => {
    const texts = [...row.cells].map((cell) => cell.textContent.trim());
    heads.forEach((head) => {
      const place = head.dataset.place - 1;
      for (let i = place; head.matches(".number") && i < place + head.colSpan; i++) {
        texts[i] = plain(texts[i] || "");
      }
    });
    const isNumber = (text) => /^[-+]?[\d.]+(e[-+]?\d+)?%?$/.test(text);
    return texts.map((text) => (isNumber(text) ? text : safe(text)));
  };
  const names = () =>
    heads
      .slice()
      .sort((one, other) => one.dataset.place - other.dataset.place)
      .flatMap((head) => {
        const above = spanners.get(head);
        const name = (above ? above + ": " : "") + head.textContent;
        return head.colSpan > 1 ? [name + ", lower", name + ", upper"] : [name];
      });
  const spanners = new Map();
  const below = [...table.tHead.rows[0].cells];
  const second = table.tHead.rows[1] ? [...table.tHead.rows[1].cells] : [];
  below
    .filter((cell) => cell.matches(".spanner"))
    .forEach((cell) => {
      for (let width = cell.colSpan; width > 0 && second.length; ) {
        const head = second.shift();
        spanners.set(head, cell.textContent);
        width -= head.colSpan;
      }
    });
  section.querySelector(".csv").onclick = () => {
    const grouped = groups.some(({ heading }) => heading);
    const lines = groups.flatMap(({ heading, rows }) =>
      rows
        .filter((row) => !row.hidden)
        .map((row) => [...(grouped ? [safe(heading.textContent.trim())] : []), ...cells(row)]),
    );
    const first = [...(grouped ? ["Group"] : []), ...names()].map(safe);
    const text = [first, ...lines].map((line) => line.join(",") + "\n").join("");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
    link.download = document.title + ".csv";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };

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

  const button = section.querySelector(".tools [data-all]");
  if (button) {
    button.onclick = () => {
      const whole = table.classList.toggle("all");
      button.textContent = whole ? button.dataset.fewer : button.dataset.all;
    };
  }
});
