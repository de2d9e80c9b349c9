import { type Attributes, type Span, trace } from '@opentelemetry/api';

/** What a span is about. A story of weeks is found by these, across its many traces. */
export interface Story {
  /** The dossier's code. */
  dossier?: string | undefined;
  /** The document's id. */
  document?: string | undefined;
  /** An agency's stable id, which outlives its codes: the caller's, or of an event the one it concerns. */
  agency?: string | undefined;
}

const NAMES = {
  dossier: 'lienthong.dossier',
  document: 'lienthong.document',
  agency: 'lienthong.agency',
} as const;

/** The story as span attributes; what is empty is left out. */
export function storyAttributes(story: Story): Attributes {
  const attributes: Attributes = {};
  for (const key of ['dossier', 'document', 'agency'] as const)
    if (story[key]) attributes[NAMES[key]] = story[key];
  return attributes;
}

/** Says what the active span, or the one given, is about. Costs nothing while nobody records it. */
export function annotate(story: Story, span: Span | undefined = trace.getActiveSpan()): void {
  if (span?.isRecording()) span.setAttributes(storyAttributes(story));
}
