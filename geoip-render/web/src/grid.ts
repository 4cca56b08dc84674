// Tables that sort, filter and grow.

import { el } from "./dom.ts";
import { csvOf, saveText } from "./exports.ts";
import { whole } from "./numbers.ts";

/** How many rows are shown at first, and how many more at a time. */
const FIRST = 10;
const MORE = 40;

export interface Column {
  name: string;
  /** The text of a cell. */
  text(item: number): string;
  /** What it sorts by, where that is a number. */
  value?(item: number): number;
  /** Whether it is to stay on one line. */
  tight?: boolean;
  /** Whether a small screen has no room for it. */
  minor?: boolean;
  /** Whether a bar shows its share of the largest. */
  bar?: boolean;
}

export interface GridOptions {
  title: string;
  /** What is counted, one and many: `country` and `countries`. */
  things: [one: string, many: string];
  columns: Column[];
  /** The column that says what the row is. */
  main: number;
  /** Called when a row is chosen. */
  go?(item: number): void;
  /** Whether an item is what the page is filtered by. */
  chosen?(item: number): boolean;
}

/** Lower case without accents. */
export const plain = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

const classOf = ({ value, tight, minor }: Column): string =>
  [value ? "number" : tight ? "tight" : "", minor ? "minor" : ""].join(" ").trim();

export class Grid {
  readonly element: HTMLElement;
  private items: number[] = [];
  private note = "";
  private shown = FIRST;
  private query = "";
  private sort: { column: number; down: boolean } | null = null;
  private readonly body = el("tbody");
  private readonly heads: HTMLElement[] = [];
  private readonly count = el("span", { className: "of" });
  private readonly more = el("button", { type: "button", className: "act" });
  private readonly input: HTMLInputElement;
  private readonly noteText = el("p", { className: "quiet" });

  constructor(private readonly options: GridOptions) {
    const { title, columns } = options;
    this.input = el("input", {
      type: "search",
      className: "narrow",
      placeholder: "Filter",
      ariaLabel: `Filter ${options.things[1]}`,
      autocomplete: "off",
      spellcheck: false,
    });
    this.input.addEventListener("input", () => {
      this.query = plain(this.input.value.trim());
      this.shown = FIRST;
      this.draw();
    });
    const csv = el("button", { type: "button", className: "small", title: `Save ${options.things[1]} as CSV` }, "CSV");
    csv.addEventListener("click", () => saveText(this.csv(), `${title}.csv`, "text/csv"));
    this.more.addEventListener("click", () => {
      this.shown += MORE;
      this.draw();
    });
    const row = el("tr");
    columns.forEach((column, i) => {
      const button = el("button", { type: "button" }, column.name);
      button.addEventListener("click", () => {
        const isDown = this.sort?.column === i ? !this.sort.down : column.value !== undefined;
        this.sort = { column: i, down: isDown };
        this.draw();
      });
      const head = el("th", { scope: "col", className: classOf(column) }, button);
      this.heads.push(head);
      row.append(head);
    });
    this.element = el(
      "section",
      { className: "grid" },
      el("div", { className: "top" }, el("h2", {}, title), this.count, this.input, csv),
      this.noteText,
      el("div", { className: "wide" }, el("table", {}, el("thead", {}, row), this.body)),
      this.more,
    );
    this.element.setAttribute("aria-label", title);
  }

  /** Shows these, in this order until the reader asks for another. */
  fill(items: number[], note = ""): void {
    this.items = items;
    this.note = note;
    this.shown = Math.max(FIRST, Math.min(this.shown, FIRST + MORE));
    this.draw();
  }

  /** Puts another note above the table. */
  say(note: string): void {
    this.note = note;
    this.noteText.textContent = note;
    this.noteText.hidden = note === "";
  }

  /** Shows all that fits on paper. */
  unfold(most: number): void {
    this.shown = most;
    this.draw();
  }

  fold(): void {
    this.shown = FIRST;
    this.draw();
  }

  /** The items that are wanted, in order. */
  private wanted(): number[] {
    const { columns } = this.options;
    let items = this.items;
    if (this.query !== "") {
      const texts = columns.filter((column) => !column.value);
      items = items.filter((item) => texts.some((column) => plain(column.text(item)).includes(this.query)));
    }
    if (this.sort) {
      const { column, down } = this.sort;
      const { value, text } = columns[column];
      const sign = down ? -1 : 1;
      if (value) {
        items = [...items].sort((a, b) => sign * (value(a) - value(b)));
      } else {
        const texts = new Map(items.map((item) => [item, text(item)]));
        const compare = new Intl.Collator("en", { numeric: true }).compare;
        items = [...items].sort((a, b) => sign * compare(texts.get(a)!, texts.get(b)!));
      }
    }
    return items;
  }

  private draw(): void {
    const { columns, main, go, chosen, things } = this.options;
    const wanted = this.wanted();
    const bars = columns.map(({ bar, value }) =>
      bar && value ? wanted.reduce((most, item) => Math.max(most, value(item)), 0) : 0,
    );
    this.body.replaceChildren(
      ...wanted.slice(0, this.shown).map((item) => {
        const isChosen = chosen?.(item) ?? false;
        const cells = columns.map((column, i) => {
          const text = column.text(item);
          const cell = el("td", { className: classOf(column) });
          if (i === main && go) {
            const button = el("button", { type: "button", dir: "auto" }, text || "not known");
            button.addEventListener("click", () => go(item));
            if (chosen) button.ariaPressed = String(isChosen);
            cell.append(button);
          } else {
            cell.dir = "auto";
            cell.append(text);
          }
          if (bars[i] > 0) {
            cell.classList.add("bar");
            cell.style.setProperty("--share", `${(100 * column.value!(item)) / bars[i]}%`);
          }
          return cell;
        });
        return el("tr", { className: isChosen ? "chosen" : "" }, ...cells);
      }),
    );
    this.heads.forEach((head, i) => {
      head.ariaSort = this.sort?.column === i ? (this.sort.down ? "descending" : "ascending") : null;
    });
    this.count.textContent = `${whole(wanted.length)} ${things[wanted.length === 1 ? 0 : 1]}`;
    this.say(this.note);
    this.input.hidden = this.items.length <= FIRST;
    const rest = wanted.length - this.shown;
    this.more.hidden = rest <= 0;
    this.more.textContent = `Show ${whole(Math.min(rest, MORE))} more`;
    this.element.hidden = this.items.length === 0;
  }

  private csv(): string {
    const { columns } = this.options;
    const rows = this.wanted().map((item) =>
      columns.map(({ text, value }) => (value ? value(item) : text(item))),
    );
    return csvOf([columns.map(({ name }) => name), ...rows]);
  }
}
