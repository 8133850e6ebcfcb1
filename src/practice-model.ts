/** The practice model's root: listens on a free loopback port, says its address, and ends with its parent. */
import { createPracticeServer } from "./practice/server.ts";

declare const JETBOX_VERSION: string;

const server = createPracticeServer(JETBOX_VERSION);
server.listen(0, "127.0.0.1", () => {
	const address = server.address();
	if (typeof address === "object" && address !== null) {
		process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${address.port}` })}\n`);
	}
});
const end = () => {
	server.close();
	server.closeAllConnections();
};
process.stdin.resume().on("end", end).on("error", end);
process.on("SIGTERM", end);
// A terminal's Ctrl-C reaches the whole group; the parent decides when this ends.
process.on("SIGINT", () => undefined);
process.on("SIGHUP", () => undefined);
