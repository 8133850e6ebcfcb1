/** What 50 openings of the sidebar leave behind in the extension host. The same of 20 runs: test/host/runs, on demand. */
import assert from "node:assert/strict";
import { commands, EventEmitter } from "vscode";
import { VIEWS } from "../../../src/vscode/ids.ts";
import { jetbox, until } from "./editor.ts";
import { assertRepeatsLeaveNothing, FEW, left } from "./left.ts";

const OPENINGS = 50;
const TIMEOUT_MS = 900_000;

suite("what openings of the sidebar leave behind", () => {
	teardown(async () => {
		await (await jetbox()).idle();
	});

	test("a listener more is counted, and gone once it is disposed", () => {
		const before = left().listeners;
		const emitter = new EventEmitter<void>();
		const subscriptions = Array.from({ length: OPENINGS }, () => emitter.event(() => undefined));
		assert.ok(left().listeners >= before + OPENINGS);
		// A subscription holds its listener even when it is disposed.
		for (const subscription of subscriptions.splice(0)) subscription.dispose();
		emitter.dispose();
		assert.ok(left().listeners <= before + FEW);
	});

	test(`${OPENINGS} openings of the sidebar leave nothing`, async function () {
		this.timeout(TIMEOUT_MS);
		await assertRepeatsLeaveNothing(OPENINGS, openAndClose);
	});
});

async function openAndClose(): Promise<void> {
	const api = await jetbox();
	await commands.executeCommand(`${VIEWS.sidebar}.focus`);
	await until("the sidebar's page is there", () => api.isSidebarReady());
	await commands.executeCommand("workbench.action.closeSidebar");
	await until("the sidebar is closed", () => !api.isSidebarReady());
}
