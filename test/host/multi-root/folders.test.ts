/** Two folders in one workspace: probes by each one's own settings, a task for one of them, chosen once. */
import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { commands, languages, Uri, window, workspace } from "vscode";
import type { RunEvent } from "../../../src/core/events.ts";
import { COMMANDS } from "../../../src/vscode/ids.ts";
import { jetbox, read, TASK, until } from "../suite/editor.ts";

type Event<T extends RunEvent["type"]> = Extract<RunEvent, { readonly type: T }>;

suite("Two folders", () => {
	teardown(async () => {
		await (await jetbox()).idle();
	});

	function folder(name: string): Uri {
		const found = workspace.workspaceFolders?.find((known) => known.name === name);
		assert.ok(found, `${name} is open`);
		return found.uri;
	}

	async function eventsOf<T extends RunEvent["type"]>(
		type: T,
		work: () => Promise<void>,
	): Promise<readonly Event<T>[]> {
		const heard: Event<T>[] = [];
		const isWanted = (event: RunEvent): event is Event<T> => event.type === type;
		const subscription = (await jetbox()).onEvent((event) => void (isWanted(event) && heard.push(event)));
		try {
			await work();
		} finally {
			subscription.dispose();
		}
		return heard;
	}

	async function probe(name: string): Promise<Readonly<Record<string, string>>> {
		const ended = await eventsOf("probe-finished", async () => {
			await commands.executeCommand(COMMANDS.probe, folder(name));
		});
		return Object.fromEntries(
			ended.map((event) => [event.probe, event.status === "not-run" ? event.reason : event.status]),
		);
	}

	function problemsIn(name: string): readonly string[] {
		return languages
			.getDiagnostics()
			.filter(([uri]) => uri.path.startsWith(`${folder(name).path}/`))
			.flatMap(([, found]) => found.map(({ source }) => source ?? ""))
			.filter((source) => source.startsWith("Jetbox"));
	}

	test("each is probed by its own settings, and the problems of one leave the other's alone", async () => {
		assert.deepEqual(await probe("first"), { ruff: "findings", pytest: "findings" });
		assert.deepEqual(await probe("second"), { ruff: "findings", pytest: "disabled" });
		await until("both stand in Problems", () => problemsIn("first").length > 0 && problemsIn("second").length > 0);
		assert.ok(problemsIn("first").includes("Jetbox pytest"));
		assert.ok(!problemsIn("second").includes("Jetbox pytest"));
	});

	test("a save probes the folder of its file, and no other", async () => {
		const uri = Uri.joinPath(folder("second"), "shelf/books.py");
		const text = new TextDecoder().decode(await workspace.fs.readFile(uri));
		const ended = await eventsOf("verdict", async () => {
			writeFileSync(uri.fsPath, `${text}\nunheard_of_name()\n`);
			await until("the new finding stands in Problems", () =>
				languages.getDiagnostics(uri).some(({ message }) => message.includes("unheard_of_name")),
			);
			await (await jetbox()).idle();
		});
		assert.ok(ended.length > 0);
		assert.ok(problemsIn("first").includes("Jetbox pytest"), "the other folder's problems stand");
		writeFileSync(uri.fsPath, text);
		await until("the finding is gone", () =>
			languages.getDiagnostics(uri).every(({ message }) => !message.includes("unheard_of_name")),
		);
	});

	test("a probe that a save in the other folder interrupts is taken up again", async () => {
		const slow = Uri.joinPath(folder("first"), "tests/test_slow.py").fsPath;
		const other = Uri.joinPath(folder("second"), "shelf/late.py").fsPath;
		const ended: string[] = [];
		const api = await jetbox();
		const subscription = api.onEvent((event) => {
			if (event.type === "probe-started" && event.probe === "pytest") ended.push("started");
			if (event.type === "probe-finished" && event.probe === "pytest")
				ended.push(event.status === "not-run" ? event.reason : event.status);
		});
		try {
			writeFileSync(slow, "import time\n\n\ndef test_slow():\n    time.sleep(3)\n");
			await until("the slow test runs", () => ended.includes("started"));
			writeFileSync(other, "late_name()\n");
			await until("the slow test was interrupted", () => ended.includes("cancelled"));
			await api.idle();
			const problemsOf = (path: string) => languages.getDiagnostics(Uri.file(path));
			await until("the other folder was probed", () => problemsOf(other).length > 0);
			assert.equal(ended.at(-1), "findings", `the first folder's tests ran to their end: ${ended.join(", ")}`);
		} finally {
			subscription.dispose();
			for (const path of [slow, other]) rmSync(path);
			await until("nothing of it stands in Problems", () =>
				languages.getDiagnostics(Uri.file(other)).every(({ source }) => source?.startsWith("Jetbox") !== true),
			);
		}
	});

	test("a file chooses the task's folder, once: the run works there, with that folder's limit, and so does the next", async () => {
		const file = Uri.joinPath(folder("second"), "shelf/books.py");
		await window.showTextDocument(file);
		await commands.executeCommand(COMMANDS.taskFromFile, file);
		const first = read("shelf/books.py");
		for (let times = 0; times < 2; times += 1) {
			const started = await eventsOf("run-started", async () => {
				await commands.executeCommand(COMMANDS.runTask, TASK);
			});
			assert.deepEqual(
				started.map(({ workspace: root, maxRounds }) => [root, maxRounds]),
				[[folder("second").fsPath, 3]],
			);
		}
		assert.equal(read("shelf/books.py"), first, "the other folder is as it was");
		await commands.executeCommand(COMMANDS.undo);
	});
});
