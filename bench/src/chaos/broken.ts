import { registerHooks } from 'node:module';
import { applyControl, CONTROL_NAMES, CONTROLS, type ControlName } from './controls.ts';

// Loaded by --import into the service processes of a broken run; the product's code has no hooks for it.
const control = CONTROLS[process.env.CHAOS_BREAK as ControlName];
if (control === undefined) throw new Error(`CHAOS_BREAK must be one of ${CONTROL_NAMES.join(', ')}`);
const url = new URL(`../../../${control.file}`, import.meta.url).href;

registerHooks({
  load(loading, context, nextLoad) {
    const loaded = nextLoad(loading, context);
    if (loading !== url || loaded.source == null) return loaded;
    const source =
      typeof loaded.source === 'string' ? loaded.source : Buffer.from(loaded.source as Uint8Array).toString();
    console.log(`broken on purpose: ${control.file}`);
    return { ...loaded, source: applyControl(control, source) };
  },
});
