import type { Conversation, ConversationState } from '@patchbay/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { toast } from 'sonner';
import { chatbotKeys } from '../../api/chatbot-keys.js';
import { handOver } from '../../api/chatbots.js';
import { messageOf } from '../../api/request.js';
import { Segments } from '../../ui/segments.js';
import { chatbotWords as w } from '../../words/chatbot-words.js';

const STATES: ConversationState[] = ['bot', 'human', 'closed'];

/** Who answers in a conversation; what is chosen shows at once. */
export function StateChoice({
  conversation,
  label,
}: {
  conversation: Conversation;
  label: string;
}) {
  const cache = useQueryClient();
  const hand = useMutation({
    mutationFn: (state: ConversationState) => handOver(conversation, state),
    onError: (error) => toast.error(messageOf(error)),
    onSettled: () => cache.invalidateQueries({ queryKey: chatbotKeys.conversations }),
  });
  return (
    <Segments
      label={label}
      value={hand.isPending ? hand.variables : conversation.state}
      options={STATES.map((value) => ({ value, label: w.state[value] }))}
      onChoose={(state) => hand.mutate(state)}
    />
  );
}
