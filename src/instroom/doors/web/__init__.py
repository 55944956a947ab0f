"""The web door: pages for suppliers, approvers, readers and operators. Views ask the flow and show its answer."""
