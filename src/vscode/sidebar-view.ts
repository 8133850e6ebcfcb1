/** The sidebar's host side: one snapshot when the page is ready, then events; what the page sends is checked before it counts. */
import { commands, Disposable, env, l10n, Uri, type WebviewView, type WebviewViewProvider } from "vscode";
import { type HostMessage, parseWebviewMessage, type Snapshot, type WebviewMessage } from "../protocol.ts";
import { VIEWS } from "./ids.ts";
import { PAGE_FOLDER, webviewPage } from "./webview-page.ts";

/** What a snapshot says besides the language, which is the view's own matter. */
export type ViewState = Omit<Snapshot, "language" | "words">;

export class SidebarView implements WebviewViewProvider, Disposable {
	private view: WebviewView | null = null;
	private isReady = false;
	/** For a page that is not there yet. */
	private draft: string | null = null;
	/** To what the view tells, for as long as there is that view. */
	private attached: Disposable | null = null;

	constructor(
		private readonly extensionUri: Uri,
		private readonly state: () => ViewState,
		private readonly onMessage: (message: WebviewMessage) => void,
	) {}

	get visible(): boolean {
		return this.view?.visible ?? false;
	}

	/** Whether the view is open with its page in place. */
	get ready(): boolean {
		return this.visible && this.isReady;
	}

	resolveWebviewView(view: WebviewView): void {
		this.detach();
		this.view = view;
		view.webview.options = {
			enableScripts: true,
			localResourceRoots: [Uri.joinPath(this.extensionUri, PAGE_FOLDER)],
		};
		this.attached = Disposable.from(
			view.webview.onDidReceiveMessage((value: unknown) => {
				const message = parseWebviewMessage(value);
				if (message === null) return;
				if (message.type === "ready") this.begin();
				this.onMessage(message);
			}),
			view.onDidChangeVisibility(() => {
				// A hidden view has no page; the next one says `ready` anew, and what came meanwhile waits for it.
				if (!view.visible) this.isReady = false;
			}),
			view.onDidDispose(() => {
				if (this.view === view) this.detach();
			}),
		);
		view.webview.html = webviewPage(view.webview, this.extensionUri, "sidebar", "Jetbox");
	}

	/** Dropped while there is no page: its next `ready` brings a whole snapshot. */
	post(message: HostMessage): void {
		void this.view?.webview.postMessage(message);
	}

	/** Everything anew: another run, or another folder. */
	postSnapshot(): void {
		const snapshot: Snapshot = { ...this.state(), language: env.language, words: l10n.bundle ?? {} };
		this.post({ type: "snapshot", snapshot });
	}

	/** Shows the view with a task in its box, to look over and send. */
	async propose(task: string): Promise<void> {
		this.draft = task;
		await commands.executeCommand(`${VIEWS.sidebar}.focus`);
		if (this.isReady) this.postDraft();
	}

	/** The number on the view's icon; 0 shows none. */
	showProblemCount(value: number): void {
		if (this.view === null) return;
		const tooltip = value === 1 ? l10n.t("1 problem") : l10n.t("{0} problems", value);
		this.view.badge = value === 0 ? undefined : { value, tooltip };
	}

	dispose(): void {
		this.detach();
	}

	private detach(): void {
		this.attached?.dispose();
		this.attached = null;
		this.view = null;
		this.isReady = false;
	}

	private begin(): void {
		this.isReady = true;
		this.postSnapshot();
		this.postDraft();
	}

	private postDraft(): void {
		if (this.draft !== null) this.post({ type: "draft", task: this.draft });
		this.draft = null;
	}
}
