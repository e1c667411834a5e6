import {
  type ButtonHTMLAttributes,
  type ComponentType,
  cloneElement,
  type ReactElement,
  useState,
} from 'react';
import { toast } from 'sonner';
import { messageOf } from '../api/request.js';

/** The button of a menu or other popup. */
export type Trigger = ReactElement<ButtonHTMLAttributes<HTMLButtonElement>>;

interface OnDemandProps<Rest> {
  trigger: Trigger;
  /** The popup is open when first drawn, since that is when it is asked for. */
  load: () => Promise<ComponentType<Rest & { trigger: Trigger }>>;
  rest: Rest;
  popup?: 'menu' | 'dialog';
}

/** The button of a popup whose code comes with the first press, not with the page. */
export function OnDemand<Rest extends object>(props: OnDemandProps<Rest>) {
  const { trigger, load, rest, popup = 'menu' } = props;
  const [loaded, setLoaded] = useState<{
    Popup: ComponentType<Rest & { trigger: Trigger }>;
  } | null>(null);
  if (loaded) return <loaded.Popup {...rest} trigger={trigger} />;
  const expect = () => void load().catch(() => undefined);
  return cloneElement(trigger, {
    'aria-haspopup': popup,
    'aria-expanded': false,
    onPointerEnter: expect,
    onFocus: expect,
    onClick: () => {
      load().then(
        (Popup) => setLoaded({ Popup }),
        (error: unknown) => toast.error(messageOf(error)),
      );
    },
  });
}
