import clsx from 'clsx';
import { DropdownMenu } from 'radix-ui';
import type { ComponentProps, ReactNode } from 'react';

/**
 * A menu on a button, open when first drawn (see OnDemand). Not modal: a modal one locks scrolling by a style element, which our
 * Content-Security-Policy refuses.
 */
export function Menu({
  trigger,
  children,
  side,
  align = 'end',
}: {
  trigger: ReactNode;
  children: ReactNode;
  side?: 'top' | 'right' | 'bottom';
  align?: 'start' | 'end';
}) {
  return (
    <DropdownMenu.Root modal={false} defaultOpen>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      {/* Among what belongs to the page, for those who go from landmark to landmark. */}
      <DropdownMenu.Portal container={document.getElementById('content')}>
        <DropdownMenu.Content
          side={side}
          align={align}
          sideOffset={6}
          collisionPadding={8}
          className="z-40 max-h-80 max-w-80 min-w-52 animate-appear overflow-y-auto rounded-10 border border-line bg-raised p-1 shadow-2"
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

export const menuItemClass =
  'flex min-h-10 items-center gap-2.5 rounded-6 px-2.5 outline-none select-none data-highlighted:bg-sunken data-disabled:opacity-55';

export function MenuItem({
  icon,
  danger,
  children,
  ...rest
}: ComponentProps<typeof DropdownMenu.Item> & { icon?: ReactNode; danger?: boolean }) {
  return (
    <DropdownMenu.Item {...rest} className={clsx(menuItemClass, danger && 'text-danger')}>
      {icon && <span className={clsx('shrink-0', !danger && 'text-soft')}>{icon}</span>}
      {children}
    </DropdownMenu.Item>
  );
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return (
    <DropdownMenu.Label className="px-2.5 pt-2 pb-1 text-12 font-medium text-soft">
      {children}
    </DropdownMenu.Label>
  );
}

export function MenuLine() {
  return <DropdownMenu.Separator className="mx-2.5 my-1 h-px bg-line" />;
}
