package coterie.scenarios.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import org.junit.jupiter.api.Test;

/** The rules of docs/architecture.md that concern which class may know which. */
class ArchitectureTest {
    private static final JavaClasses PROGRAM = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("coterie");

    @Test
    void roomsDependInOneDirection() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("coterie..")
                .layer("topology")
                .definedBy("coterie.topology..")
                .layer("model")
                .definedBy("coterie.model..")
                .layer("actors")
                .definedBy("coterie.actors..")
                .layer("scenarios")
                .definedBy("coterie.scenarios..")
                .whereLayer("topology")
                .mayNotAccessAnyLayer()
                .whereLayer("model")
                .mayOnlyAccessLayers("topology")
                .whereLayer("actors")
                .mayOnlyAccessLayers("model", "topology")
                .ensureAllClassesAreContainedInArchitecture()
                .check(PROGRAM);
    }

    @Test
    void noCircleOfPackages() {
        slices().assignedFrom(new SliceAssignment() {
                    @Override
                    public SliceIdentifier getIdentifierOf(JavaClass c) {
                        return c.getPackageName().startsWith("coterie.")
                                ? SliceIdentifier.of(c.getPackageName())
                                : SliceIdentifier.ignore();
                    }

                    @Override
                    public String getDescription() {
                        return "packages";
                    }
                })
                .should()
                .beFreeOfCycles()
                .check(PROGRAM);
    }

    @Test
    void onlyModelKnowsDjl() {
        noClasses()
                .that(resideOutsideOfPackage("coterie.model.."))
                .should()
                .dependOnClassesThat(resideInAnyPackage("ai.djl.."))
                .check(PROGRAM);
    }

    @Test
    void onlyActorsKnowPekko() {
        noClasses()
                .that(resideOutsideOfPackage("coterie.actors.."))
                .should()
                .dependOnClassesThat(resideInAnyPackage("org.apache.pekko.."))
                .check(PROGRAM);
    }

    @Test
    void allFourRoomsAreLookedAt() {
        assertThat(PROGRAM.stream().map(c -> c.getPackageName().split("[.]")[1]))
                .contains("topology", "model", "actors", "scenarios");
    }
}
