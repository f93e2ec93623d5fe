// A test as a story: steps in order, each told with its time, the first that fails ends it.
export function story() {
  const steps = [];
  return {
    step: (name, act) => steps.push({ name, act }),
    // `failed` is called before the story ends badly.
    async tell(failed) {
      for (const { name, act } of steps) {
        const started = performance.now();
        try {
          await act();
        } catch (error) {
          console.log(`FAILED ${name}\n${error.stack ?? error}`);
          await failed();
          return 1;
        }
        console.log(`ok ${name} (${Math.round(performance.now() - started)} ms)`);
      }
      return 0;
    },
  };
}
