/** The sidebar's host side: one snapshot when the page is ready, then events; what the page sends is checked before it counts. */
import { type Disposable, Uri, type Webview, type WebviewView, type WebviewViewProvider } from "vscode";
import { type HostMessage, parseWebviewMessage, type Snapshot, type WebviewMessage } from "../protocol.ts";

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
		view.webview.html = this.page(view.webview);
	}

	/** Dropped while there is no page: its next `ready` brings a whole snapshot. */
	post(message: HostMessage): void {
		void this.view?.webview.postMessage(message);
	}

	dispose(): void {
		for (const subscription of this.subscriptions) subscription.dispose();
	}

	private page(webview: Webview): string {
		const nonce = createNonce();
		const script = webview.asWebviewUri(Uri.joinPath(this.extensionUri, "dist", "webview.js"));
		const style = webview.asWebviewUri(Uri.joinPath(this.extensionUri, "media", "sidebar.css"));
		const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${webview.cspSource}; img-src ${webview.cspSource}; font-src ${webview.cspSource}`;
		return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Jetbox</title>
<link rel="stylesheet" href="${style}">
</head>
<body>
<main id="app"></main>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>`;
	}
}

function createNonce(): string {
	const bytes = crypto.getRandomValues(new Uint8Array(16));
	return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
