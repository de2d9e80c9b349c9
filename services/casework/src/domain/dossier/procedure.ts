import type { Definition, Procedure } from '@lienthong/contracts/registry';
import { type CompiledWorkflow, compile } from '@lienthong/workflow';

/** A version of a procedure with its compiled workflow. */
export interface CompiledProcedure {
  procedure: Procedure;
  definition: Definition;
  workflow: CompiledWorkflow;
}

export interface ProcedureBook {
  /** The version of a code in force on a date. */
  inForce(code: string, date: string): CompiledProcedure | undefined;
  byId(procedureId: string): CompiledProcedure | undefined;
}

/** @throws Error when the workflow cannot run: the registry publishes only what it has checked */
export function compileProcedure(procedure: Procedure): CompiledProcedure {
  const { definition, code, version } = procedure;
  if (!definition) throw new Error(`procedure ${code} version ${version} carries no definition`);
  const workflow = compile(definition);
  if (!workflow.ok) throw new Error(`procedure ${code} version ${version}: ${workflow.refusal.message}`);
  return { procedure, definition, workflow: workflow.value };
}
