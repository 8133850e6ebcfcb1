/** The sidebar's page: says it is ready, takes one snapshot and then events, draws at most once a frame. */
import { EMPTY_TIMELINE, reduce } from "../core/timeline.ts";
import type { HostMessage, Snapshot, WebviewMessage } from "../protocol.ts";
import { isHostMessage } from "./host-message.ts";
import { type SidebarPage, sidebarPage } from "./page.ts";
import { useLanguage } from "./words.ts";

/** The editor's side of the glass; the editor keeps what `setState` gets while the view is hidden. */
interface EditorApi {
	postMessage(message: WebviewMessage): void;
	getState(): unknown;
	setState(state: { readonly draft: string }): void;
}
declare function acquireVsCodeApi(): EditorApi;

function start(app: HTMLElement, editor: EditorApi): void {
	const post = (message: WebviewMessage) => editor.postMessage(message);
	let page: SidebarPage | null = null;
	let view: Snapshot | null = null;
	let frame = 0;

	const build = ({ language, words }: Snapshot) => {
		useLanguage(language, words);
		document.documentElement.lang = language;
		return sidebarPage(app, draftOf(editor.getState()), post, (draft) => editor.setState({ draft }));
	};
	const draw = () => {
		frame = 0;
		if (view === null) return;
		page?.update(view);
		app.hidden = false;
	};
	window.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
		if (!isHostMessage(data)) return;
		if (data.type === "snapshot") {
			// The texts come with the first snapshot, so nothing is built before it.
			page ??= build(data.snapshot);
			page.offer(data.snapshot.task);
		} else if (data.type === "draft") page?.put(data.task);
		else if (data.type === "completions") page?.complete(data.text, data.items);
		view = apply(view, data);
		if (frame === 0) frame = requestAnimationFrame(draw);
	});
	app.hidden = true;
	post({ type: "ready" });
}

function apply(view: Snapshot | null, message: HostMessage): Snapshot | null {
	if (message.type === "snapshot") return message.snapshot;
	// What comes before the snapshot is in the snapshot.
	if (view === null) return null;
	switch (message.type) {
		case "event":
			return { ...view, timeline: reduce(view.timeline ?? EMPTY_TIMELINE, message.event) };
		case "status": {
			const { type: _, ...status } = message;
			return { ...view, ...status };
		}
		case "history":
			return { ...view, history: message.history };
		case "draft":
		case "completions":
			return view;
	}
}

function draftOf(state: unknown): string {
	return typeof state === "object" && state !== null && "draft" in state && typeof state.draft === "string"
		? state.draft
		: "";
}

const app = document.getElementById("app");
if (app !== null) start(app, acquireVsCodeApi());
