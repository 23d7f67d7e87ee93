/** A map that cannot be drawn (no WebGL, a lost chunk) must not take the rest of the page with it. */
import { Component, type ReactNode } from "react";

export class MapGuard extends Component<{ words: string; children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    return this.state.failed ? <p className="map map-wait" role="status">{this.props.words}</p> : this.props.children;
  }
}
