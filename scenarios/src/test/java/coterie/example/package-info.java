/** The plug-in of docs/extending.md, and its tests. */
package coterie.example;
