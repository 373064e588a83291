/** The runs that lie under a folder, side by side. */
package coterie.scenarios.listing;
