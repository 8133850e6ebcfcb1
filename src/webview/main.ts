/** The sidebar's page: says it is ready, takes one snapshot and then events, draws at most once a frame. */
import { EMPTY_TIMELINE, reduce } from "../core/timeline.ts";
import type { HostMessage, Snapshot, WebviewMessage } from "../protocol.ts";
import { el } from "./dom.ts";
import { allowsRun, emptyStateView } from "./empty-state.ts";
import { findingsView } from "./findings.ts";
import { isHostMessage } from "./host-message.ts";
import { liveText } from "./live-text.ts";
import { roundsView } from "./rounds.ts";
import { statusView } from "./status-view.ts";
import { taskBox } from "./task-box.ts";
import { totalsView } from "./totals.ts";

/** The editor's side of the glass; the editor keeps what `setState` gets while the view is hidden. */
interface EditorApi {
	postMessage(message: WebviewMessage): void;
	getState(): unknown;
	setState(state: { readonly draft: string }): void;
}
declare function acquireVsCodeApi(): EditorApi;

function start(app: HTMLElement, editor: EditorApi): void {
	const post = (message: WebviewMessage) => editor.postMessage(message);
	const act = (action: Extract<WebviewMessage, { type: "action" }>["action"]) => post({ type: "action", action });
	const open = (file: string, line: number, column: number) => post({ type: "open", file, line, column });
	const empty = emptyStateView(act);
	const task = taskBox(draftOf(editor.getState()), {
		run: (text) => post({ type: "run", task: text }),
		stop: () => post({ type: "stop" }),
		selectModel: () => act("select-model"),
		draft: (draft) => editor.setState({ draft }),
	});
	const status = statusView(act);
	const live = liveText();
	const rounds = roundsView({ open, undo: (round) => post({ type: "undo-round", round }) });
	const totals = totalsView();
	const findings = findingsView(open, () => act("probe"));
	const run = el("div", { class: "progress" }, status.node, live.node);
	const column = el("div", { class: "column" }, rounds.node, totals.node);
	app.append(
		el("h1", { class: "unseen" }, "Jetbox"),
		status.announcer,
		empty.node,
		task.node,
		run,
		el("div", { class: "columns" }, column, findings.node),
	);
	app.hidden = true;

	let view: Snapshot | null = null;
	let frame = 0;
	const draw = () => {
		frame = 0;
		if (view === null) return;
		const { empty: state, running, model, timeline } = view;
		const usable = state.kind !== "no-folder" && state.kind !== "untrusted";
		const mayRun = allowsRun(state);
		app.hidden = false;
		empty.update(state);
		task.node.hidden = !usable;
		task.update({ running, mayRun, model });
		status.update(timeline, running);
		live.update(timeline, running);
		rounds.node.classList.toggle("running", running);
		rounds.update(timeline?.runId ?? "", timeline?.rounds ?? []);
		totals.update(timeline ?? EMPTY_TIMELINE);
		findings.node.hidden = !usable;
		findings.update(timeline ?? EMPTY_TIMELINE, running);
	};
	window.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
		if (!isHostMessage(data)) return;
		view = apply(view, data);
		if (data.type === "snapshot") task.offer(data.snapshot.task);
		if (frame === 0) frame = requestAnimationFrame(draw);
	});
	post({ type: "ready" });
}

function apply(view: Snapshot | null, message: HostMessage): Snapshot | null {
	if (message.type === "snapshot") return message.snapshot;
	// What comes before the snapshot is in the snapshot.
	if (view === null) return null;
	if (message.type === "event") return { ...view, timeline: reduce(view.timeline ?? EMPTY_TIMELINE, message.event) };
	return { ...view, empty: message.empty, running: message.running, model: message.model };
}

function draftOf(state: unknown): string {
	return typeof state === "object" && state !== null && "draft" in state && typeof state.draft === "string"
		? state.draft
		: "";
}

const app = document.getElementById("app");
if (app !== null) start(app, acquireVsCodeApi());
