import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { toast } from 'sonner';
import { accessKeys, invitationsQuery, revokeInvitation } from '../../api/access.js';
import { messageOf } from '../../api/request.js';
import { formatFull } from '../../format/time.js';
import { Button } from '../../ui/button.js';
import { accessWords } from '../../words/access-words.js';
import { NotYet, Row, Rows, RowText, Section } from './section.js';

const w = accessWords.users;

/** Invitations that somebody may still accept. */
export function Invitations() {
  const cache = useQueryClient();
  const { data, error, refetch } = useQuery(invitationsQuery);
  const revoke = useMutation({
    mutationFn: revokeInvitation,
    onError: (problem) => toast.error(messageOf(problem)),
    onSettled: () => cache.invalidateQueries({ queryKey: accessKeys.invitations }),
  });
  return (
    <Section title={w.invitations}>
      {!data && <NotYet error={error} retry={refetch} />}
      {data?.invitations.length === 0 && <p className="text-soft">{w.noInvitations}</p>}
      {data && data.invitations.length > 0 && (
        <Rows label={w.invitations}>
          {data.invitations.map(({ id, email, role, expiresAt }) => {
            const whom = email ?? w.anybody;
            const until = formatFull(new Date(expiresAt));
            return (
              <Row key={id}>
                <RowText
                  first={whom}
                  second={`${accessWords.role[role]} · ${w.expires} ${until}`}
                />
                <Button
                  look="quiet"
                  aria-label={w.revokeInvitation(whom)}
                  onClick={() => revoke.mutate(id)}
                >
                  {w.revoke}
                </Button>
              </Row>
            );
          })}
        </Rows>
      )}
    </Section>
  );
}
