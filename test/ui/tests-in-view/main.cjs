const { tests, Uri, workspace } = require("vscode");

exports.activate = ({ subscriptions }) => {
	const controller = tests.createTestController("tests-in-view", "Tests");
	const file = Uri.joinPath(workspace.workspaceFolders[0].uri, "tests/test_loans.py");
	const test = "test_a_late_book_costs_a_fine_for_each_day";
	controller.items.add(controller.createTestItem(test, test, file));
	subscriptions.push(controller);
};
