import { Component, type ComponentChildren } from 'preact';

interface Props {
  /** Shown in place of what cannot be drawn. */
  instead: () => ComponentChildren;
  children: ComponentChildren;
}

const TRY_AGAIN_MS = 5_000;

/** One part that cannot be drawn must not take the others with it. It is tried again and again. */
export class Guard extends Component<Props, { broken: boolean }> {
  override state = { broken: false };

  override componentDidCatch(error: unknown): void {
    console.error('not drawn', error);
    this.setState({ broken: true });
    setTimeout(() => this.setState({ broken: false }), TRY_AGAIN_MS);
  }

  override render({ instead, children }: Props) {
    return this.state.broken ? instead() : children;
  }
}
