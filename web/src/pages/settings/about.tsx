import { useRouteContext } from '@tanstack/react-router';
import { Fact, Facts } from '../../conversation/fact.js';
import { accessWords } from '../../words/access-words.js';
import { Section } from './section.js';

const w = accessWords.about;

export function About() {
  const { me } = useRouteContext({ from: '/signed-in' });
  return (
    <Section title={w.title} text={me.sandbox ? w.sandbox : undefined}>
      <Facts>
        <Fact label={w.version}>{me.version}</Fact>
        <Fact label={w.you}>
          {me.name ?? accessWords.audit.operator} · {accessWords.role[me.role]}
        </Fact>
        <Fact label={w.docs}>
          <a
            href="/api/docs"
            target="_blank"
            rel="noreferrer"
            className="text-accent-text underline"
          >
            {w.openDocs}
          </a>
        </Fact>
      </Facts>
    </Section>
  );
}
