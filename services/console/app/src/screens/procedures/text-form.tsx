import type { registry } from '@lienthong/contracts/json';
import { useRef, useState } from 'react';
import { useReasons } from '../../text/reason.ts';
import { useText } from '../../text/text.tsx';
import { Field } from '../../ui/field.tsx';
import { isError } from './use-check.ts';

interface TextFormProps {
  text: string;
  problems: readonly registry.Problem[];
  onChange: (text: string) => void;
}

/** The procedure as text, with numbers of its lines, and at each line what is wrong with it. */
export function TextForm({ text, problems, onChange }: TextFormProps) {
  const { t } = useText();
  const area = useRef<HTMLTextAreaElement>(null);
  const numbers = useRef<HTMLDivElement>(null);
  const [caret, setCaret] = useState(1);
  const lines = text.split('\n').length;
  const wrong = new Set(problems.filter(isError).map(({ line }) => line));
  const doubtful = new Set(problems.map(({ line }) => line));
  const toneOf = (line: number) => {
    if (wrong.has(line)) return 'wrong';
    return doubtful.has(line) ? 'doubtful' : undefined;
  };

  function goTo(line: number): void {
    const shown = area.current;
    if (shown === null) return;
    const start = offsetOf(text, line);
    const end = text.indexOf('\n', start);
    shown.focus();
    shown.setSelectionRange(start, end === -1 ? text.length : end);
    const height = shown.scrollHeight / lines;
    shown.scrollTop = Math.max(0, (line - 4) * height);
    setCaret(line);
  }

  return (
    <div className="stack">
      <Field label={t('procedure.text')} help={t('procedure.textHelp')}>
        {(control) => (
          <div className="code">
            <div className="code-lines" ref={numbers} aria-hidden>
              {Array.from({ length: lines }, (_, i) => i + 1).map((line) => (
                <span key={line} data-tone={toneOf(line)}>
                  {line}
                </span>
              ))}
            </div>
            <textarea
              ref={area}
              className="input code-text"
              wrap="off"
              spellCheck={false}
              autoCapitalize="off"
              autoComplete="off"
              value={text}
              onChange={({ target }) => onChange(target.value)}
              onSelect={({ currentTarget }) => setCaret(lineOf(text, currentTarget.selectionStart))}
              onScroll={({ currentTarget }) => {
                if (numbers.current !== null) numbers.current.scrollTop = currentTarget.scrollTop;
              }}
              {...control}
              aria-invalid={wrong.size > 0}
            />
          </div>
        )}
      </Field>
      <div role="status">
        {problems
          .filter(({ line }) => line === caret)
          .map((problem) => (
            <ProblemText key={`${problem.place} ${problem.reason}`} problem={problem} />
          ))}
      </div>
      {problems.length > 0 && (
        <ol className="list" aria-label={t('procedure.problems')}>
          {problems.map((problem) => (
            <li
              key={`${problem.line} ${problem.place} ${problem.reason} ${problem.message}`}
              className="item"
            >
              <div className="stack tight">
                <button type="button" className="button found" onClick={() => goTo(problem.line)}>
                  <span className={`badge ${isError(problem) ? 'badge-danger' : 'badge-warn'}`}>
                    {t(isError(problem) ? 'procedure.error' : 'procedure.warning')}
                  </span>
                  {t('procedure.line', { line: String(problem.line) })}
                </button>
                <ProblemText problem={problem} />
              </div>
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}

/** What is wrong, at which field, and the platform's own words, which name the values. */
function ProblemText({ problem: { place, reason, message } }: { problem: registry.Problem }) {
  const { language } = useText();
  const reasonText = useReasons();
  const said = reasonText(reason, message);
  return (
    <>
      <p>
        {place !== '' && <code>{place}</code>} {said}
      </p>
      {language === 'vi' && (
        <p className="small muted" lang="en">
          {message}
        </p>
      )}
    </>
  );
}

/** From 1. */
const lineOf = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

function offsetOf(text: string, line: number): number {
  let offset = 0;
  for (let n = 1; n < line; n += 1) {
    const next = text.indexOf('\n', offset);
    if (next === -1) break;
    offset = next + 1;
  }
  return offset;
}
