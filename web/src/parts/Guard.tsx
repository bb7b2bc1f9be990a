import { Component, type ComponentChildren } from 'preact';

interface Props {
  /** Shown in place of what cannot be drawn. */
  instead: () => ComponentChildren;
  /** Called when it breaks, and when it is tried again. */
  onBroken?: (broken: boolean) => void;
  children: ComponentChildren;
}

const TRY_AGAIN_MS = 5_000;

/** One part that cannot be drawn must not take the others with it. It is tried again and again. */
export class Guard extends Component<Props, { broken: boolean }> {
  override state = { broken: false };
  #timer: ReturnType<typeof setTimeout> | undefined;

  #set(broken: boolean): void {
    this.setState({ broken });
    this.props.onBroken?.(broken);
  }

  override componentWillUnmount(): void {
    clearTimeout(this.#timer);
    if (this.state.broken) this.props.onBroken?.(false);
  }

  override componentDidCatch(error: unknown): void {
    console.error('not drawn', error);
    this.#set(true);
    // Told once for each child that breaks: one try for all of them.
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#set(false), TRY_AGAIN_MS);
  }

  override render({ instead, children }: Props) {
    return this.state.broken ? instead() : children;
  }
}
