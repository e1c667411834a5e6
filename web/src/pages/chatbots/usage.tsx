import type { Chatbot, ChatbotDay } from '@patchbay/contract';
import { useQuery } from '@tanstack/react-query';
import { usageQuery } from '../../api/chatbots.js';
import { DayChart } from '../../ui/day-chart.js';
import { Bone, ErrorNotice } from '../../ui/states.js';
import { chatbotWords as w } from '../../words/chatbot-words.js';

const DAYS = 30;

interface Line {
  label: string;
  of: (day: ChatbotDay) => number;
}

const LINES: Line[] = [
  { label: w.messagesIn, of: ({ messagesIn }) => messagesIn },
  { label: w.messagesOut, of: ({ messagesOut }) => messagesOut },
  { label: w.answers, of: ({ answers }) => answers },
  { label: w.failures, of: ({ failures }) => failures },
  { label: w.tokens, of: ({ tokensIn, tokensOut }) => tokensIn + tokensOut },
];

/** What the chatbot did and spent, by day. */
export function Usage({ chatbot }: { chatbot: Chatbot }) {
  const { data, error, isPending, refetch } = useQuery(usageQuery(chatbot.id, DAYS));
  if (isPending) {
    return (
      <div role="status" aria-label={w.loadingUsage} className="grid gap-4 sm:grid-cols-2">
        {LINES.map(({ label }) => (
          <Bone key={label} className="h-36" />
        ))}
      </div>
    );
  }
  if (!data) return <ErrorNotice error={error} retry={() => void refetch()} className="py-12" />;
  return (
    <section aria-label={w.usage}>
      <p className="mb-3 text-13 text-soft">{w.usageOf}</p>
      <ul className="grid gap-4 sm:grid-cols-2">
        {LINES.map((line) => (
          <Chart key={line.label} line={line} days={data.days} />
        ))}
      </ul>
    </section>
  );
}

function Chart({ line: { label, of }, days }: { line: Line; days: ChatbotDay[] }) {
  const values = days.map((day) => ({ day: day.day, value: of(day) }));
  const sum = values.reduce((all, { value }) => all + value, 0);
  return (
    <DayChart
      label={label}
      dayLabel={w.day}
      values={values}
      sum={<span className="text-20 font-semibold nums">{sum.toLocaleString()}</span>}
    />
  );
}
