/** The view's few icons, drawn so that shape tells as much as colour. */
export type IconName =
	| "passed"
	| "failed"
	| "warning"
	| "not-run"
	| "running"
	| "pending"
	| "stopped"
	| "partial"
	| "info";

const PATHS: Readonly<Record<IconName, string>> = {
	passed: "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Zm3.6 4.7-4.3 4.6-2.9-2.7.8-.9 2.1 1.9 3.5-3.7Z",
	failed:
		"M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Zm3 8.6-.9.9L8 8.9 5.9 11l-.9-.9L7.1 8 5 5.9l.9-.9L8 7.1 10.1 5l.9.9L8.9 8Z",
	warning: "M8 1.6.9 14.2h14.2Zm-.7 4.6h1.4v4.2H7.3Zm0 5.2h1.4v1.4H7.3Z",
	"not-run":
		"M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Zm0 1.3a5.2 5.2 0 1 1 0 10.4A5.2 5.2 0 0 1 8 2.8ZM4.8 7.3h6.4v1.4H4.8Z",
	running: "M8 1.5a6.5 6.5 0 1 0 6.5 6.5h-1.4A5.1 5.1 0 1 1 8 2.9Z",
	pending: "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Zm0 1.3a5.2 5.2 0 1 1 0 10.4A5.2 5.2 0 0 1 8 2.8Z",
	stopped: "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM5.5 5.5h5v5h-5Z",
	info: "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Zm0 1.3a5.2 5.2 0 1 1 0 10.4A5.2 5.2 0 0 1 8 2.8ZM7.3 7.2h1.4v4.2H7.3Zm0-2.6h1.4V6H7.3Z",
	partial: "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Zm0 1.3v10.4A5.2 5.2 0 0 1 8 2.8Z",
};
const SVG = "http://www.w3.org/2000/svg";

/** Hidden from screen readers: the words beside it say the same. */
export function icon(name: IconName): SVGSVGElement {
	const svg = document.createElementNS(SVG, "svg");
	svg.setAttribute("class", `icon icon-${name}`);
	svg.setAttribute("viewBox", "0 0 16 16");
	svg.setAttribute("aria-hidden", "true");
	const path = document.createElementNS(SVG, "path");
	path.setAttribute("d", PATHS[name]);
	path.setAttribute("fill-rule", "evenodd");
	svg.append(path);
	return svg;
}
