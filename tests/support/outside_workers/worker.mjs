// One worker of the JavaScript client. Each act is a line of the journal, which no other program of ours writes.
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { pathToFileURL } from "node:url";

const { address, name, topic, journal, packages, waits } = JSON.parse(process.argv[2]);
const client = await import(pathToFileURL(join(packages, "camunda-external-task-client-js", "index.js")));
const { BasicAuthInterceptor, Client, Variables } = client;
const LOCK_MS = 3000; // of the slow topic: shorter than its work

const worker = new Client({
  baseUrl: address,
  workerId: name,
  interval: 20,
  maxTasks: 5,
  maxParallelExecutions: 5,
  sorting: [{ sortBy: "createTime", sortOrder: "asc" }],
  interceptors: new BasicAuthInterceptor({ username: "robot", password: "eight-o-clock" }),
  ...(waits ? { asyncResponseTimeout: 2000 } : {}),
});

function note(task, act) {
  appendFileSync(journal, `${JSON.stringify({ number: task.variables.get("number"), act, worker: name })}\n`);
}

async function work({ task, taskService }) {
  const number = task.variables.get("number");
  if (number % 10 === 3 && task.errorMessage === null) {
    note(task, "failed");
    await taskService.handleFailure(task, {
      errorMessage: "no paper",
      errorDetails: "tray 2",
      retries: task.retries - 1,
      retryTimeout: 50,
    });
    return;
  }
  if (number % 10 === 5) {
    note(task, "refused");
    await taskService.handleBpmnError(task, "unreachable", "nobody there", new Variables().set("reason", "moved"));
    return;
  }
  if (number % 10 === 7) {
    await taskService.extendLock(task, 30_000);
    note(task, "extended");
    await pause(LOCK_MS + 700);
  }
  note(task, "done");
  const found = new Variables().setAll({ done_by: name, twice: number * 2 });
  found.setTyped("parcel", { type: "json", value: { number, pieces: [1, 2] }, valueInfo: {} });
  await taskService.complete(task, found);
}

worker.on("poll:error", (error) => console.error("poll", error.message));
worker.on("handler:error", (error) => console.error("handler", error.message));
for (const act of ["complete", "handleFailure", "handleBpmnError", "extendLock"]) {
  worker.on(`${act}:error`, (task, error) => console.error(act, task.id, error.message));
}
worker.subscribe(topic, { lockDuration: 60_000 }, work);
worker.subscribe(`${topic}_slowly`, { lockDuration: LOCK_MS }, work);
