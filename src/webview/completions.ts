/** What may follow a `#` in the task: a list beneath the box, with the focus staying in the text. */
import type { Completion } from "../protocol.ts";
import { el, setText } from "./dom.ts";
import { visibleLine } from "./format.ts";
import { t, tn } from "./words.ts";

/** The `#` and what follows it, up to the caret; a path whose quote is open goes on beyond blanks. */
const REFERENCE = /(?:^|\s)(#file:"[^"\n]*|#[^\s#]*)$/;

export interface Completions {
	readonly node: HTMLElement;
	/** Says how many there are, to those who do not see them. */
	readonly announcer: HTMLElement;
	/** After the text or the caret changed: asks the host, or closes. */
	look(): void;
	offer(text: string, items: readonly Completion[]): void;
	/** @returns whether the key was one of the list's */
	onKey(key: string): boolean;
	close(): void;
}

/** @param ask sends the text before the caret to the host, which answers with `offer` */
export function completions(box: HTMLTextAreaElement, ask: (text: string) => void, onChange: () => void): Completions {
	const node = el("ul", { id: "completions", class: "completions", role: "listbox", "aria-label": t("References") });
	const announcer = el("p", { class: "unseen", role: "status" });
	node.hidden = true;
	box.setAttribute("aria-autocomplete", "list");
	box.setAttribute("aria-controls", node.id);
	let items: readonly Completion[] = [];
	let active = 0;

	const wanted = () => REFERENCE.exec(box.value.slice(0, box.selectionStart))?.[1] ?? null;
	const close = () => {
		node.hidden = true;
		items = [];
		box.removeAttribute("aria-activedescendant");
		setText(announcer, "");
	};
	const activate = (index: number) => {
		active = (index + items.length) % items.length;
		for (const [at, option] of [...node.children].entries()) {
			option.setAttribute("aria-selected", String(at === active));
			if (at === active) option.scrollIntoView({ block: "nearest" });
		}
		box.setAttribute("aria-activedescendant", `completion-${active}`);
	};
	const take = (index: number) => {
		const chosen = items[index];
		const typed = wanted();
		if (chosen === undefined || typed === null) return close();
		const end = box.selectionStart;
		// A reference that ends in a colon goes on, with a file's name.
		const text = chosen.label.endsWith(":") ? chosen.label : `${chosen.label} `;
		box.setRangeText(text, end - typed.length, end, "end");
		close();
		box.focus();
		onChange();
		if (chosen.label.endsWith(":")) ask(chosen.label);
	};
	const optionOf = ({ label, detail }: Completion, index: number) => {
		const option = el(
			"li",
			{ id: `completion-${index}`, role: "option", "aria-selected": "false" },
			el("span", { class: "completion-label" }, visibleLine(label, 200)),
			el("span", { class: "quiet" }, visibleLine(detail, 200)),
		);
		// Not "click": the box would lose the focus before it.
		option.addEventListener("mousedown", (event) => {
			event.preventDefault();
			take(index);
		});
		return option;
	};
	return {
		node,
		announcer,
		look() {
			const typed = wanted();
			if (typed === null) close();
			else ask(typed);
		},
		offer(text, offered) {
			if (text !== wanted() || document.activeElement !== box) return;
			if (offered.length === 0) return close();
			items = offered;
			node.replaceChildren(...items.map(optionOf));
			node.hidden = false;
			activate(0);
			setText(announcer, tn(items.length, "{0} reference, arrow keys choose", "{0} references, arrow keys choose"));
		},
		onKey(key) {
			if (node.hidden) return false;
			switch (key) {
				case "ArrowDown":
					activate(active + 1);
					return true;
				case "ArrowUp":
					activate(active - 1);
					return true;
				case "Enter":
				case "Tab":
					take(active);
					return true;
				case "Escape":
					close();
					return true;
				default:
					return false;
			}
		},
		close,
	};
}
