/** Elements made from text alone: nothing here, and so nothing in the view, parses markup. */

interface Attributes {
	readonly class?: string;
	readonly [attribute: string]: string | undefined;
}

/** An element; strings among the children become text nodes, null is left out. */
export function el<K extends keyof HTMLElementTagNameMap>(
	tag: K,
	attributes: Attributes = {},
	...children: readonly (Node | string | null)[]
): HTMLElementTagNameMap[K] {
	const element = document.createElement(tag);
	for (const [name, value] of Object.entries(attributes)) {
		if (value !== undefined) element.setAttribute(name, value);
	}
	element.append(...children.filter((child) => child !== null));
	return element;
}

/** A button that never submits. */
export function button(label: string, className: string, onClick: () => void): HTMLButtonElement {
	const element = el("button", { type: "button", class: className }, label);
	element.addEventListener("click", onClick);
	return element;
}

/**
 * Fills `container` anew only when what it shows has changed, by identity: the timeline is immutable, so an event
 * touches only the nodes of what it changed.
 */
export function slot(container: Element): (shown: readonly unknown[], build: () => readonly (Node | null)[]) => void {
	let last: readonly unknown[] | null = null;
	return (shown, build) => {
		if (last !== null && last.length === shown.length && last.every((value, index) => Object.is(value, shown[index]))) {
			return;
		}
		last = shown;
		container.replaceChildren(...build().filter((node) => node !== null));
	};
}

/** A section of the view with its small header; actions stand at the header's end. */
export function section(
	title: string,
	className: string,
	...actions: readonly Node[]
): { node: HTMLElement; body: HTMLElement } {
	const id = `heading-${className}`;
	const body = el("div", { class: "section-body" });
	const heading = el("div", { class: "section-header" }, el("h2", { id }, title), ...actions);
	return { node: el("section", { class: `section ${className}`, "aria-labelledby": id }, heading, body), body };
}

/** Sets text only where it differs, so that unchanged nodes cost no layout. */
export function setText(element: Element, text: string): void {
	if (element.textContent !== text) element.textContent = text;
}

/** Makes `nodes` the parent's children; those that stay are not touched, so they keep focus and layout. */
export function arrange(parent: Element, nodes: readonly Element[]): void {
	const wanted = new Set<Node>(nodes);
	for (const child of [...parent.childNodes]) if (!wanted.has(child)) child.remove();
	let next = parent.firstChild;
	for (const node of nodes) {
		if (node === next) next = next.nextSibling;
		else parent.insertBefore(node, next);
	}
}
