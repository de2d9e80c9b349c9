import { type Attributes, type Span, trace } from '@opentelemetry/api';

/** What a span is about. These attributes find all traces of a dossier, which takes weeks. */
export interface Story {
  /** The dossier's code. */
  dossier?: string | undefined;
  /** The document's id. */
  document?: string | undefined;
  /** An agency's stable id, which does not change with its codes: the caller's, or that of the agency an event concerns. */
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

/** Adds the story to the active span or the given one. Costs nothing when spans are not recorded. */
export function annotate(story: Story, span: Span | undefined = trace.getActiveSpan()): void {
  if (span?.isRecording()) span.setAttributes(storyAttributes(story));
}
