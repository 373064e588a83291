/** The components that scenarios select by name: {@link coterie.scenarios.components.BuiltinComponents}. */
package coterie.scenarios.components;
