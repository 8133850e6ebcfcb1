/** The sidebar's host side: one snapshot when the page is ready, then events; what the page sends is checked before it counts. */
import { type Disposable, Uri, type WebviewView, type WebviewViewProvider } from "vscode";
import { type HostMessage, parseWebviewMessage, type Snapshot, type WebviewMessage } from "../protocol.ts";
import { webviewPage } from "./webview-page.ts";

export class SidebarView implements WebviewViewProvider, Disposable {
	private view: WebviewView | null = null;
	private readonly subscriptions: Disposable[] = [];

	constructor(
		private readonly extensionUri: Uri,
		private readonly snapshot: () => Snapshot,
		private readonly onMessage: (message: WebviewMessage) => void,
	) {}

	get visible(): boolean {
		return this.view?.visible ?? false;
	}

	resolveWebviewView(view: WebviewView): void {
		this.view = view;
		const roots = [Uri.joinPath(this.extensionUri, "dist"), Uri.joinPath(this.extensionUri, "media")];
		view.webview.options = { enableScripts: true, localResourceRoots: roots };
		this.subscriptions.push(
			view.webview.onDidReceiveMessage((value: unknown) => {
				const message = parseWebviewMessage(value);
				if (message === null) return;
				if (message.type === "ready") this.post({ type: "snapshot", snapshot: this.snapshot() });
				this.onMessage(message);
			}),
			view.onDidDispose(() => {
				if (this.view === view) this.view = null;
			}),
		);
		view.webview.html = webviewPage(view.webview, this.extensionUri, "sidebar", "Jetbox");
	}

	/** Dropped while there is no page: its next `ready` brings a whole snapshot. */
	post(message: HostMessage): void {
		void this.view?.webview.postMessage(message);
	}

	dispose(): void {
		for (const subscription of this.subscriptions) subscription.dispose();
	}
}
