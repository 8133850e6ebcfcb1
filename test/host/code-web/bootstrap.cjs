/**
 * Loaded by the extension host in place of the real extensionTestsPath. Sends the host's console, stdout and stderr to
 * the launcher (the workbench would mix them with its own log), runs the real tests, and reports their result.
 */
const { Console } = require("node:console");
const { once } = require("node:events");
const net = require("node:net");
const { Writable } = require("node:stream");
const { pathToFileURL } = require("node:url");

exports.run = async () => {
	const socket = net.connect(process.env.CODE_WEB_SOCKET);
	await once(socket, "connect");
	socket.unref();
	const send = (kind, data) => socket.write(`${JSON.stringify([kind, data])}\n`);
	send("pid", process.pid);
	try {
		const streams = { stdout: sender("stdout"), stderr: sender("stderr") };
		// The extension host guards console.log and process.stdout.write against assignment: replace what holds them.
		for (const [name, value] of Object.entries(streams))
			Object.defineProperty(process, name, { value, configurable: true });
		globalThis.console = new Console(streams);
		const tests = await import(pathToFileURL(require.resolve(process.env.CODE_WEB_TESTS)).href);
		await (tests.run ?? tests.default.run)();
		send("result", 0);
	} catch (error) {
		send("stderr", `${error?.stack ?? error}\n`);
		send("result", 1);
		throw error;
	} finally {
		await new Promise((sent) => socket.end(sent));
	}

	function sender(kind) {
		const write = (chunk, _encoding, done) => {
			send(kind, String(chunk));
			done();
		};
		return new Writable({ decodeStrings: false, write });
	}
};
