// Creates elements in one expression: h("p", {class: "note"}, "text", child). Text is always text, never markup.

type Child = Node | string | null | undefined | false;
type Attributes = Record<string, string | number | boolean | null | undefined | ((event: Event) => void)>;

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name, value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((child): child is Node | string => child instanceof Node || typeof child === "string"));
  return element;
}

// A drawing of one path in a box of 10.
export function icon(path: string, color: string): SVGElement {
  const make = (tag: string, attributes: Record<string, string>) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };
  const svg = make("svg", { viewBox: "0 0 10 10", class: "icon", "aria-hidden": "true" });
  svg.append(make("path", { d: path, fill: color }));
  return svg as SVGElement;
}

// A choice among a few values, as a row of buttons.
export function choice<T extends string>(
  label: string,
  options: readonly (readonly [T, string])[],
  chosen: T,
  choose: (value: T) => void,
): HTMLElement {
  const buttons = options.map(([value, text]) =>
    h("button", { type: "button", "aria-pressed": String(value === chosen), "data-value": value, click: pick(value) }, text),
  );
  function pick(value: T) {
    return () => {
      for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.value === value));
      choose(value);
    };
  }
  return h("div", { class: "choice", role: "group", "aria-label": label }, ...buttons);
}

export interface Column {
  title: string;
  numeric?: boolean;
}

// Cells are text, or elements if text is not enough. Narrow screens show each row as a card, labelled by `title`.
export function table(caption: string, columns: readonly Column[], rows: readonly (readonly (string | Node)[])[]): HTMLElement {
  const cells = (row: readonly (string | Node)[]) =>
    row.map((cell, i) => h("td", { class: columns[i]?.numeric && "numeric", "data-title": columns[i]?.title }, cell));
  return h(
    "div",
    { class: "scroll", tabindex: 0, role: "region", "aria-label": caption },
    h(
      "table",
      {},
      h("caption", { class: "unseen" }, caption),
      h("thead", {}, h("tr", {}, ...columns.map((c) => h("th", { scope: "col", class: c.numeric && "numeric" }, c.title)))),
      h("tbody", {}, ...rows.map((row) => h("tr", {}, ...cells(row)))),
    ),
  );
}
