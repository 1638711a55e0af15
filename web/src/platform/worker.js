// Hands out the worker that `spawn` starts. The library that starts it keeps the worker to itself,
// and one that hangs can only be ended by its own `terminate`.
export const catchWorker = (spawn) => {
  const { Worker } = globalThis;
  let caught;
  globalThis.Worker = class extends Worker {
    constructor(...words) {
      super(...words);
      caught = this;
    }
  };
  try {
    spawn();
  } finally {
    globalThis.Worker = Worker;
  }
  return caught;
};
